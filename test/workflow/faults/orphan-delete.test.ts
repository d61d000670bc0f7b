import { testRows } from './suite.ts';

testRows('orphan-delete');
