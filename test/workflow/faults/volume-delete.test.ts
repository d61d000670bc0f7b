import { testRows } from './suite.ts';

testRows('volume-delete');
