import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmSpecs, driverErrors } from '../../cdk/constructs/alarm-specs.ts';
import { drivers } from '../../drivers/registry.ts';
import type { ControlPorts } from '../../functions/control/ports.ts';
import type { EventPorts } from '../../functions/events/ports.ts';
import { routes as apiRoutes } from '../../functions/http/api/routes.ts';
import { routes as authRoutes } from '../../functions/http/auth/routes.ts';
import { routes as providerRoutes } from '../../functions/http/providers/routes.ts';
import { metricNames } from '../../platform/aws/metrics.ts';

const root = resolve(import.meta.dirname, '..', '..');
const runbook = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
const specs = [...alarmSpecs, ...drivers.map(({ type }) => driverErrors(type))];

/** As a heading becomes an anchor. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

const awsMetrics: Readonly<Record<string, readonly string[]>> = {
  function: ['Errors', 'Throttles', 'Duration', 'Invocations', 'ConcurrentExecutions'],
  driver: ['Errors', 'Throttles', 'Duration', 'Invocations', 'ConcurrentExecutions'],
  queue: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesNotVisible'],
  table: ['WriteThrottleEvents', 'ReadThrottleEvents', 'ThrottledRequests', 'SystemErrors', 'UserErrors'],
  api: ['5XXError', '4XXError', 'Latency', 'IntegrationLatency', 'Count'],
};

/** What each function may count; the compiler refuses a name that it does not. */
const countedBy: Readonly<Record<string, readonly string[]>> = {
  control: ['NeedsRepair', 'AgeingStopped', 'ArrayIdentityChanged'] satisfies readonly Parameters<ControlPorts['count']>[0][],
  events: ['Tick', 'CapacityDifference'] satisfies readonly Parameters<EventPorts['count']>[0][],
};

describe('an alarm', () => {
  it.each(specs.map(({ name, runbook: anchor }) => [name, anchor]))('%s leads to the section %s of the runbook', (_name, anchor) => {
    expect(anchors.filter((each) => each === anchor)).toHaveLength(1);
  });

  it.each(specs.map((spec) => [spec.name, spec.watched] as const))('%s watches what is measured', (_name, watched) => {
    if (watched.of === 'rule') return;
    const measured = watched.of === 'product' ? countedBy[watched.service] : awsMetrics[watched.of];
    expect(measured).toContain(watched.metric);
  });

  it('watches everything that the functions count', () => {
    expect(Object.values(countedBy).flat().toSorted()).toEqual([...metricNames].toSorted());
    const watched = alarmSpecs.flatMap((spec) => (spec.watched.of === 'product' ? [spec.watched.metric] : []));
    expect(watched.toSorted()).toEqual([...metricNames].toSorted());
  });
});

describe('the runbook', () => {
  it('names routes that exist', () => {
    const known = new Set([...apiRoutes, ...authRoutes, ...providerRoutes].map(({ method, path }) => `${method} ${path}`));
    const named = [...runbook.matchAll(/`(GET|POST|PUT|DELETE) (\/[^\s`?]*)/g)].map(([, method, path]) => `${method} ${path}`);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((route) => !known.has(route))).toEqual([]);
  });

  it('quotes lines of the log that are written', () => {
    const sources = globSync('{core,functions,platform}/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
    const quoted = [...runbook.matchAll(/message = "([^"]+)"/g)].map(([, message = '']) => message);
    expect(quoted.length).toBeGreaterThan(3);
    expect(quoted.filter((message) => !sources.some((source) => source.includes(`'${message}'`)))).toEqual([]);
  });
});
