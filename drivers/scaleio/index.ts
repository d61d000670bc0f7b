import { declareDriver } from '../sdk/driver.ts';
import { scaleioOptions } from './config.ts';

export const scaleio = declareDriver({
  type: 'scaleio',
  displayName: 'ScaleIO / PowerFlex',
  interfaceType: 'scaleioapi',
  systemType: 'scaleio',
  protocols: ['ScaleIO'],
  capabilities: [
    'discovery',
    'volume',
    'volume.expand',
    'volume.rename',
    'volume.qos',
    'export',
    'hosts',
    'snapshot',
    'snapshot.restore',
    'full-copy',
    'full-copy.restore',
    'consistency-group',
    'migration',
    'long-operation',
    'adopt',
    'statistics',
    'events',
    'maintenance',
  ],
  capabilityDefinitions: {
    'snapshot.restore': { since: '3.0' },
    'full-copy.restore': { since: '3.0' },
    migration: { since: '3.0' },
    'long-operation': { since: '3.0' },
  },
  options: scaleioOptions,
  defaultPort: 443,
  maxNameLength: 31,
  namePrefix: 'p',
  // A gateway hands a request to the MDM at once and gives up on it within seconds; it keeps no queue of its own.
  graceSeconds: 15,
  maxConcurrentOperations: 8,
  simulator: { command: ['drivers/scaleio/simulator/main.ts', '--port', '7443', '--user', 'admin', '--password', 'Secret123!'] },
});
