import type { SimulatedArray } from './simulators.ts';

export interface Announced {
  readonly host: {
    readonly url: string;
    readonly tlsUrl?: string;
    readonly controlUrl: string;
    readonly rootPassword?: string;
  };
  readonly dataDir: string;
  readonly arrays: readonly SimulatedArray[];
  /** While this file is there, the password is not shown. */
  readonly shownFile: string;
  readonly isShown: boolean;
}

function passwordLine({ host, shownFile, isShown }: Announced): string {
  if (!isShown) return `Password of the user root, shown this once: ${host.rootPassword ?? 'there is none'}`;
  return `Password of the user root: as the first start showed it; to be shown it again, remove ${shownFile} and start again`;
}

function arrayLines({ displayName, port, user, password, fingerprint, controlPort }: SimulatedArray): string[] {
  return [
    '',
    `Simulated array (${displayName}), to be registered with POST /vdc/storage-providers:`,
    `  Address:     127.0.0.1, port ${port}`,
    ...(user === undefined ? [] : [`  User:        ${user}, password ${password ?? ''}`]),
    ...(fingerprint === undefined ? [] : [`  Certificate: ${fingerprint} (SHA-256)`]),
    ...(controlPort === undefined ? [] : [`  Control:     http://127.0.0.1:${controlPort} (its faults, clock and log)`]),
  ];
}

/** What a start says once everything answers, for somebody who has never seen it before. */
export function announcement(announced: Announced): string {
  const { host, dataDir, arrays } = announced;
  return [
    'Patina is ready. Ctrl-C ends it; work under way goes on at the next start.',
    '',
    `Open:         ${host.url}/`,
    `API:          ${host.url}/openapi.json describes it`,
    ...(host.tlsUrl === undefined ? [] : [`By TLS:       ${host.tlsUrl}/ (for clients of CoprHD)`]),
    passwordLine(announced),
    `Data and log: ${dataDir}`,
    `Host control: ${host.controlUrl}/_local/health (the clock, faults and meters of this host)`,
    ...arrays.flatMap(arrayLines),
  ].join('\n');
}
