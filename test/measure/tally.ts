import { existsSync, readFileSync } from 'node:fs';

/** Adds up the reports of the test runners and the commands around them. A level without tests, or a skipped test, is a failure. */

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly unknown[] }[];
}

const levels = ['unit', 'contract', 'workflow', 'infra', 'e2e', 'interop'];

const none: Report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numFailedTestSuites: 0, testResults: [] };

const read = (path: string): Report => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : none);

const reports = [read('.cache/reports/tests.json'), read('.cache/reports/interop.json')];
const sum = (count: (report: Report) => number): number => reports.reduce((total, report) => total + count(report), 0);

const testsAt = (level: string): number =>
  sum(({ testResults }) =>
    testResults.filter(({ name }) => name.includes(`/test/${level}/`)).reduce((total, file) => total + file.assertionResults.length, 0),
  );

const empty = levels.filter((level) => testsAt(level) === 0);
for (const level of empty) console.error(`the level ${level} ran no test`);

const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
if (skipped > 0) console.error(`${skipped} tests were skipped`);

const brokenFiles = sum(({ testResults }) => testResults.filter((file) => file.assertionResults.length === 0).length);
if (brokenFiles > 0) console.error(`${brokenFiles} test files could not be run`);

const [passedCommands = 0, failedCommands = 0] = process.argv.slice(2).map(Number);
const passed = sum((report) => report.numPassedTests) + passedCommands;
const failed = sum((report) => report.numFailedTests) + failedCommands + skipped + empty.length + brokenFiles;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
