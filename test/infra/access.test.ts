import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bootstrapWrites } from '../../core/identity/installation.ts';
import { attemptsPrefix } from '../../core/identity/login-attempts.ts';
import { compileConditions } from '../../local/iam/conditions.ts';
import { actionsOn, allGrants, grantsOf } from './policies.ts';
import { propertiesOf, resourcesOf, text } from './synth.ts';

const readActions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const readWriteActions = [
  ...readActions,
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
].toSorted();
const tables = ['Inventory', 'Tasks', 'Coordination', 'Identity', 'History'];
const table = (name: string) => `ExportsOutputFnGetAtt${name}`;
/** As IAM reads it: one value or several. */
const conditionOf = z.record(
  z.string(),
  z.record(
    z.string(),
    z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat()),
  ),
);
const ofService = (role: string, service: string) =>
  [...new Set(grantsOf(role).map((grant) => grant.action))].filter((action) => action.startsWith(`${service}:`)).toSorted();

describe('no role', () => {
  it('is granted an action by a wildcard', () => {
    expect(allGrants().filter((grant) => grant.action.includes('*'))).toEqual([]);
  });

  it('may scan a table, or reach another table than it declares', () => {
    const actions = allGrants().map((grant) => grant.action);
    expect(actions.filter((action) => /Scan|PartiQL|CreateTable|DeleteTable/.test(action))).toEqual([]);
    const elsewhere = allGrants().filter(
      (grant) => grant.action.startsWith('dynamodb:') && !tables.some((name) => grant.resource.includes(table(name))),
    );
    expect(elsewhere).toEqual([]);
  });

  it('reaches indexes but by name', () => {
    const indexes = allGrants().filter((grant) => grant.resource.includes('/index/'));
    expect(indexes.length).toBeGreaterThan(0);
    expect(indexes.filter((grant) => grant.resource.includes('*'))).toEqual([]);
  });

  it('has every resource, but where AWS knows no narrower one', () => {
    const everything = allGrants().filter((grant) => grant.resource === '"*"');
    expect([...new Set(everything.map((grant) => grant.action.split(':')[0]))].toSorted()).toEqual(['logs', 'xray']);
    expect(
      everything.every(
        (grant) => grantsOf('Workflows').includes(grant) || grantsOf('Workflows').some((each) => text(each) === text(grant)),
      ),
    ).toBe(true);
  });

  it('is made elsewhere: every function has its own', () => {
    const functions = propertiesOf(resourcesOf('Application'), 'AWS::Lambda::Function', z.object({ Role: z.unknown() }));
    expect(new Set(functions.map(([, each]) => text(each.Role))).size).toBe(functions.length);
  });
});

describe('the driver', () => {
  it('reads its own secrets, writes its log, and nothing else', () => {
    const grants = grantsOf('DriverScaleio');
    expect([...new Set(grants.map((grant) => grant.action))].toSorted()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
    expect(grants.find((grant) => grant.action === 'secretsmanager:GetSecretValue')?.resource).toContain(':secret:patina/dev/scaleio/*');
  });
});

describe('a machine', () => {
  it('invokes the control function by its alias alone', () => {
    const invoked = grantsOf('Workflows').filter((grant) => grant.action.startsWith('lambda:'));
    expect(invoked.map((grant) => grant.action)).toEqual(['lambda:InvokeFunction']);
    expect(invoked[0]?.resource).toMatch(/^\{"Ref":"ControlLive[0-9A-F]{8}"\}$/);
  });

  it('names the alias, so that a repaired function reaches running executions', () => {
    const machines = propertiesOf(
      resourcesOf('Application'),
      'AWS::StepFunctions::StateMachine',
      z.object({ DefinitionSubstitutions: z.object({ control: z.object({ Ref: z.string() }) }) }),
    );
    expect(machines).toHaveLength(8);
    for (const [, machine] of machines) expect(machine.DefinitionSubstitutions.control.Ref).toMatch(/^ControlLive/);
  });
});

describe('the control function', () => {
  it('invokes drivers by their alias and starts nothing', () => {
    expect(ofService('Control', 'states')).toEqual([]);
    expect(ofService('Control', 'secretsmanager')).toEqual([]);
    expect(ofService('Control', 'sqs')).toEqual([]);
    expect(actionsOn(grantsOf('Control'), 'DriverScaleioLive')).toEqual(['lambda:InvokeFunction']);
  });

  it('does not see who users are', () => {
    expect(actionsOn(grantsOf('Control'), table('Identity'))).toEqual([]);
  });
});

describe('the api function', () => {
  it('invokes no driver, sees no secret, sends no job', () => {
    for (const service of ['lambda', 'secretsmanager', 'sqs']) expect(ofService('Api', service)).toEqual([]);
    expect(ofService('Api', 'states')).toEqual(['states:DescribeExecution', 'states:RedriveExecution', 'states:StartExecution']);
  });

  it('reads and writes the four tables of resources and operations', () => {
    for (const name of ['Inventory', 'Tasks', 'Coordination', 'History'])
      expect(actionsOn(grantsOf('Api'), table(name))).toEqual(readWriteActions);
  });
});

describe.each(['Api', 'Providers'])('%s', (role) => {
  it("writes of a token its last use alone: not a user's role, not another attribute", () => {
    const grants = grantsOf(role).filter((grant) => grant.resource.includes(table('Identity')));
    const writing = grants.filter((grant) => !readActions.includes(grant.action));
    expect(writing.map((grant) => grant.action)).toEqual(['dynamodb:UpdateItem']);
    expect(writing[0]?.condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'lastUsedAt', 'expiresAtEpochSeconds'] },
    });
  });
});

describe('the auth function', () => {
  it('writes identities, and of the rest only the first rows and the history', () => {
    const grants = grantsOf('Auth');
    expect(actionsOn(grants, table('Identity'))).toEqual(readWriteActions);
    expect(actionsOn(grants, table('Inventory'))).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem']);
    expect(actionsOn(grants, table('History'))).toEqual(['dynamodb:PutItem']);
    expect(actionsOn(grants, table('Tasks'))).toEqual([]);
  });

  it('counts wrong passwords, and reaches nothing else of what is coordinated', () => {
    const grants = grantsOf('Auth').filter((grant) => grant.resource.includes(table('Coordination')));
    expect(actionsOn(grants, table('Coordination'))).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
    const allowed = grants.map(({ condition }) => compileConditions('auth', conditionOf.parse(condition)));
    const mayReach = (pk: string) => new Set(allowed.map((allows) => allows(new Map([['dynamodb:leadingkeys', [pk]]]))));
    expect([mayReach(`${attemptsPrefix}USER#root`), mayReach('SLOTS#1'), mayReach('IDEMPOTENCY#LOGIN#1')]).toEqual([
      new Set([true]),
      new Set([false]),
      new Set([false]),
    ]);
  });

  it("reaches of the resources the installation's first rows alone", () => {
    const ids = { uuid: () => '0b1c2d3e-0000-4000-8000-000000000000', ulid: () => '01', secret: () => '' };
    const { writes } = bootstrapWrites({ ids, clock: { now: () => 0 } });
    const first = writes.flatMap((write) => (write.do === 'put' && write.table === 'Inventory' ? [write.row.pk] : []));
    expect(first).toHaveLength(3);
    const grants = grantsOf('Auth').filter((grant) => grant.resource.includes(table('Inventory')));
    const allowed = grants.map(({ condition }) => compileConditions('auth', conditionOf.parse(condition)));
    const mayReach = (keys: readonly string[]) => allowed.map((allows) => allows(new Map([['dynamodb:leadingkeys', keys]])));
    for (const pk of first) expect(mayReach([pk])).toEqual([true, true]);
    for (const pk of ['urn:storageos:Volume:1:vdc1', 'LIST#all#StorageProvider', 'ARRAY#1'])
      expect(mayReach([pk, 'INSTALLATION'])).toEqual([false, false]);
    expect(allowed.map((allows) => allows(new Map()))).toEqual([false, false]);
  });

  it("reads root's first password and no other secret", () => {
    expect(ofService('Auth', 'secretsmanager')).toEqual(['secretsmanager:GetSecretValue']);
    expect(grantsOf('Auth').find((grant) => grant.action === 'secretsmanager:GetSecretValue')?.resource).toContain('RootPassword');
    for (const role of ['Api', 'Providers', 'Control', 'Events', 'DriverScaleio'])
      expect(grantsOf(role).filter((grant) => grant.resource.includes('RootPassword'))).toEqual([]);
  });
});

describe('the providers function', () => {
  it("writes arrays' secrets without reading them", () => {
    expect(ofService('Providers', 'secretsmanager')).toEqual([
      'secretsmanager:CreateSecret',
      'secretsmanager:DeleteSecret',
      'secretsmanager:PutSecretValue',
      'secretsmanager:TagResource',
    ]);
    const secrets = grantsOf('Providers').filter((grant) => grant.action.startsWith('secretsmanager:'));
    expect(secrets.every((grant) => grant.resource.includes(':secret:patina/dev/scaleio/*'))).toBe(true);
  });
});

describe('the events function', () => {
  it('starts machines, looks at their executions and exchanges jobs', () => {
    expect(ofService('Events', 'states')).toEqual(['states:DescribeExecution', 'states:StartExecution']);
    expect(ofService('Events', 'sqs')).toContain('sqs:SendMessage');
    expect(ofService('Events', 'lambda')).toEqual([]);
    expect(ofService('Events', 'secretsmanager')).toEqual([]);
  });
});
