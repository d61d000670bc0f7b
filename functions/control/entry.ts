import { driverOf } from '../../drivers/registry.ts';
import type { DriverDeclaration } from '../../drivers/sdk/driver.ts';
import { awsBase, awsCounter, awsDrivers, awsSleeper, awsStoreName } from '../../platform/aws/index.ts';
import type { StepInput } from '../../statemachines/dsl/define.ts';
import { ControlError, thrownToMachine } from './control-error.ts';
import { runStep, type StepResult } from './run-step.ts';
import { runners } from './runners.ts';

const declarationOf = (type: string): DriverDeclaration => {
  const declaration = driverOf(type);
  if (!declaration) throw new ControlError('Refused', `this release has no driver ${type}`);
  return declaration;
};

const ports = {
  ...awsBase('control'),
  ...awsSleeper,
  ...awsCounter('control'),
  drivers: awsDrivers(),
  declarationOf,
  storeName: awsStoreName(),
};

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

export const handler = async (input: StepInput, context: LambdaContext): Promise<StepResult> => {
  const endsAt = Date.now() + context.getRemainingTimeInMillis();
  try {
    return await runStep(runners, { ...ports, deadline: () => endsAt }, input);
  } catch (error) {
    const { workflow, operationId, phase, step } = input;
    ports.log.warn('a step failed', { workflow, operationId, phase, step, error });
    throw thrownToMachine(error);
  }
};
