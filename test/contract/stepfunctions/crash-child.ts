import { appendFileSync } from 'node:fs';
import { createClock } from '../../../local/clock/clock.ts';
import { startStepFunctions } from '../../../local/stepfunctions/start.ts';

/** A host to be killed: its function `second` never answers. Arguments: data folder, file of calls, definition. */
const [dataDir = '', callsFile = '', definition = ''] = process.argv.slice(2);

const local = await startStepFunctions({
  dataDir,
  clock: createClock({ mode: 'real' }),
  authorize: () => undefined,
  invoke: ({ functionName }) => {
    appendFileSync(callsFile, `${functionName}\n`);
    return functionName === 'second' ? new Promise(() => undefined) : Promise.resolve({ payload: '{"made":true}' });
  },
  meter: { add: () => undefined, snapshot: () => ({}) },
  region: 'eu-central-1',
  accountId: '000000000000',
  machines: [
    {
      name: 'm',
      arn: 'arn:aws:states:eu-central-1:000000000000:stateMachine:m',
      definition: JSON.parse(definition),
      key: 'MACHINE',
      roleArn: 'arn:aws:iam::000000000000:role/machine',
    },
  ],
  onExecutionEnded: () => undefined,
});
process.stdout.write(`${local.url}\n`);
