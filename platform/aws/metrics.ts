import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { readEnvironment } from './env.ts';

/** Everything that is counted. Few names, no ids: each name with its dimensions is a paid metric. */
export const metricNames = ['Tick', 'NeedsRepair', 'AgeingStopped', 'ArrayIdentityChanged', 'CapacityDifference'] as const;

export interface Counter {
  /** Counts one. */
  count(name: (typeof metricNames)[number]): void;
}

/** Metrics in the log, in CloudWatch's embedded format, by function and stage: stages of one account are counted apart. */
export const embeddedMetrics = (service: string): Counter => {
  const metrics = new Metrics({ namespace: 'Patina', serviceName: service, defaultDimensions: { stage: readEnvironment().STAGE } });
  return {
    count(name) {
      metrics.addMetric(name, MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },
  };
};
