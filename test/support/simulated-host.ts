import { drivers } from '../../drivers/registry.ts';
import { createClock } from '../../local/clock/clock.ts';
import { startHost } from '../../local/host.ts';
import { startSimulators } from '../../local/simulators.ts';

/**
 * What `npm start -- --with-simulators` starts, to be killed: the simulators are its children. Arguments: assembly, data folder, port of
 * the simulator, milliseconds of the host in a real one.
 */
const [assemblyDir = '', dataDir = '', port = '', rate = ''] = process.argv.slice(2);

const onPort = drivers.map(({ type, displayName, simulator }) => ({
  type,
  displayName,
  ...(simulator === undefined ? {} : { simulator: { command: [...simulator.command, '--port', port] } }),
}));

const clock = createClock({ mode: 'accelerated', rate: Number(rate), skipIdle: false });
const { url, rootPassword } = await startHost({ assemblyDir, dataDir, port: 0, clock, logLevel: 'ERROR' });
const { arrays } = await startSimulators(onPort, {
  dataDir: `${dataDir}/simulators`,
  onLost: (sentence) => process.stderr.write(`${sentence}\n`),
});
process.stdout.write(`${JSON.stringify({ url, rootPassword, arrays })}\n`);
