import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionState, Workflows } from '../../core/ports.ts';

const states: Record<string, ExecutionState> = { RUNNING: 'running', PENDING_REDRIVE: 'running', SUCCEEDED: 'succeeded' };

/** Step Functions as `Workflows`. `machines` gives the ARN of each workflow's state machine. */
export const stepFunctionsWorkflows = (client: SFNClient, machines: Readonly<Record<string, string>>): Workflows => {
  const machineOf = (workflow: string): string => {
    const arn = machines[workflow];
    if (!arn) throw new Error(`this function may not use the workflow ${workflow}`);
    return arn;
  };
  const executionArn = (workflow: string, execution: string): string =>
    `${machineOf(workflow).replace(':stateMachine:', ':execution:')}:${execution}`;
  return {
    async start({ workflow, execution, input }) {
      try {
        await client.send(
          new StartExecutionCommand({ stateMachineArn: machineOf(workflow), name: execution, input: JSON.stringify(input) }),
        );
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    async state(workflow, execution) {
      try {
        const answer = await client.send(new DescribeExecutionCommand({ executionArn: executionArn(workflow, execution) }));
        return states[answer.status ?? ''] ?? 'failed';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'unknown';
        throw error;
      }
    },
    async redrive(workflow, execution) {
      try {
        await client.send(new RedriveExecutionCommand({ executionArn: executionArn(workflow, execution) }));
        return true;
      } catch (error) {
        if (error instanceof ExecutionNotRedrivable) return false;
        throw error;
      }
    },
  };
};
