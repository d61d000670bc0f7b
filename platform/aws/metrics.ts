import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export interface Counter {
  /** Counts one. Few names, no ids: each name and dimension is a paid metric. */
  count(name: 'NeedsRepair' | 'Tick' | 'AgeingStopped' | 'ArrayIdentityChanged'): void;
}

/** Metrics in the log, in CloudWatch's embedded format. */
export const embeddedMetrics = (service: string): Counter => {
  const metrics = new Metrics({ namespace: 'Patina', serviceName: service });
  return {
    count(name) {
      metrics.addMetric(name, MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },
  };
};
