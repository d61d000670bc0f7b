import { testRows } from './suite.ts';

testRows('discover-provider');
