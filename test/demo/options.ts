import { parseArgs } from 'node:util';

interface DemoOptions {
  readonly json: boolean;
  readonly keep: boolean;
}

const usage = `Usage: npm run demo -- [options]
  --json   print the figures and the scenes as one JSON object on standard output, the story on standard error
           (npm run -s demo -- --json, or npm adds lines of its own)
  --keep   stay up afterwards, and print the URL and the credentials
  --help   show this`;

const known = { json: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false }, help: { type: 'boolean' } } as const;

/** Ends the process for `--help` and for arguments that cannot be read. */
export const optionsOf = (args: readonly string[]): DemoOptions => {
  try {
    const { json, keep, help } = parseArgs({ args: [...args], options: known }).values;
    if (!help) return { json, keep };
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
};
