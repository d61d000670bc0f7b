import type { Application } from '../assembly/application.ts';
import type { HostClock } from '../clock/clock.ts';
import type { Lambdas } from '../lambda/lambdas.ts';
import { deliverer } from './deliver.ts';
import { queueSourcesOf, startQueueSource } from './queue-source.ts';
import { type BusEvent, rulesOf, startRules } from './rules.ts';

export interface EventsOptions {
  readonly application: Application;
  readonly lambdas: Lambdas;
  readonly queueUrl: (queueName: string) => string;
  readonly clock: HostClock;
  readonly region: string;
  readonly accountId: string;
  readonly log: (line: string) => void;
}

export interface Events {
  readonly ruleNames: readonly string[];
  /** Puts an event on the default bus. */
  publish(event: BusEvent): void;
  /** Fires a scheduled rule now; answers whether there is one of that name. */
  fire(ruleName: string): boolean;
  /** What of the frequent schedules was missed while no host ran is made up for. */
  catchUp(): void;
  close(): Promise<void>;
}

/** EventBridge's rules and Lambda's event sources. */
export function startEvents({ application, lambdas, ...around }: EventsOptions): Events {
  const { region, accountId, queueUrl } = around;
  const rules = rulesOf(application, (name) => `arn:aws:events:${region}:${accountId}:rule/${name}`);
  const sources = queueSourcesOf(application);
  const deliver = deliverer({ ...around, invoke: lambdas.invoke });
  const running = startRules({ ...around, rules, deliver });
  const polling = sources.map((source) => startQueueSource({ ...around, source, queueUrl: queueUrl(source.queueName), run: lambdas.run }));
  return {
    ruleNames: rules.map(({ name }) => name),
    publish: running.publish,
    fire: running.fire,
    catchUp: running.catchUp,
    async close() {
      running.close();
      await Promise.all(polling.map((source) => source.close()));
    },
  };
}
