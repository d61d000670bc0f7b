import { testRows } from './suite.ts';

testRows('export-create');
