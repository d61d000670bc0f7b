import type { DemoArray } from '../array.ts';
import { order, type World } from '../world.ts';

const fingerprintIn = (details: unknown): string => /([0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(String(details))?.[0] ?? '';

const registration = (array: DemoArray) => ({
  name: array.name,
  interface_type: 'scaleioapi',
  ip_address: '127.0.0.1',
  port_number: array.port,
  user_name: array.username,
  password: array.password,
  use_ssl: true,
});

const registerOne = async (world: World, array: DemoArray): Promise<void> => {
  const { screen, api } = world;
  const first = await api.post('/vdc/storage-providers', registration(array));
  const shown = fingerprintIn(first.body['details']);
  screen.line(`${array.name}: ${String(first.body['details'])}`);
  screen.seen(first.status === 400 && shown === array.fingerprint, `${array.name}: the certificate is shown before anything is trusted`);
  await order(world, `register ${array.name}`, () =>
    api.post('/vdc/storage-providers', { ...registration(array), certificate_sha256: shown }),
  );
};

/** Each gateway is registered; its certificate is trusted by an explicit act. */
export const registerProviders = async (world: World): Promise<void> => {
  world.screen.chapter('Register the two gateways as storage providers');
  for (const array of world.arrays) await registerOne(world, array);
};
