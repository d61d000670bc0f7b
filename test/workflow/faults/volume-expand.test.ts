import { testRows } from './suite.ts';

testRows('volume-expand');
