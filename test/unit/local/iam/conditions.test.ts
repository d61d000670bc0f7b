import { describe, expect, it } from 'vitest';
import { statementAllows } from './support.ts';

type Context = Record<string, string | string[]>;

const holds = (operator: string, wanted: unknown, context: Context = {}) =>
  statementAllows({ Condition: { [operator]: { 'test:Key': wanted } } }, { context });

const forKey = (...values: string[]): Context => ({ 'test:Key': values });

describe('a condition', () => {
  it.each([
    ['StringEquals', 'a', 'a', 'A'],
    ['StringEquals', ['a', 'b'], 'b', 'c'],
    ['StringNotEquals', 'a', 'b', 'a'],
    ['StringNotEquals', ['a', 'b'], 'c', 'b'],
    ['StringEqualsIgnoreCase', 'a', 'A', 'b'],
    ['StringNotEqualsIgnoreCase', 'a', 'b', 'A'],
    ['StringLike', 'a*c', 'abbc', 'abbd'],
    ['StringLike', 'a.c?', 'a.cd', 'abcd'],
    ['StringNotLike', 'a*', 'b', 'ab'],
    ['ArnLike', 'arn:aws:events:*:*:rule/T*', 'arn:aws:events:eu:1:rule/Tick', 'arn:aws:events:eu:rule/Tick'],
    ['ArnLike', 'arn:aws:states:*:*:execution:m:*', 'arn:aws:states:eu:1:execution:m:id', 'arn:aws:states:eu:1:execution:n:id'],
    ['ArnLike', 'arn:*:*:*:*:*', 'arn:aws:events:eu:1:rule/Tick', 'arn:aws'],
    ['ArnEquals', 'arn:aws:events:eu:1:rule/Tick', 'arn:aws:events:eu:1:rule/Tick', 'arn:aws:events:eu:1:rule/Tack'],
    ['ArnLike', 'arn:aws:events:*:*:rule/T*', 'arn:aws:events:eu:1:rule/Tick', 'arn:aws'],
    ['ArnNotEquals', 'arn:a:b:c:d:e', 'arn:a:b:c:d:f', 'arn:a:b:c:d:e'],
    ['ArnNotLike', 'arn:a:b:c:d:*', 'arn:a:b:c:x:f', 'arn:a:b:c:d:e'],
    ['Bool', true, 'true', 'false'],
    ['Bool', 'false', 'FALSE', 'true'],
    ['NumericEquals', 3, '3.0', '4'],
    ['NumericNotEquals', '3', '4', '3'],
    ['NumericLessThan', '3', '2', '3'],
    ['NumericLessThanEquals', '3', '3', '4'],
    ['NumericGreaterThan', '3', '4', '3'],
    ['NumericGreaterThanEquals', '3', '3', ''],
  ])('%s %j holds for %s and not for %j', (...[operator, wanted, right, wrong]) => {
    expect(holds(operator, wanted, forKey(right))).toBe(true);
    expect(holds(operator, wanted, forKey(wrong))).toBe(false);
  });

  it('upon any ARN needs the key all the same', () => {
    expect(holds('ArnLike', '*', forKey('arn:anything'))).toBe(true);
    expect(holds('ArnLike', '*')).toBe(false);
  });

  it('upon a key that the request lacks fails, but for a negated one and one that only holds if the key exists', () => {
    expect(holds('StringEquals', 'a')).toBe(false);
    expect(holds('StringNotEquals', 'a')).toBe(true);
    expect(holds('StringEqualsIfExists', 'a')).toBe(true);
    expect(holds('StringEqualsIfExists', 'a', forKey('b'))).toBe(false);
    expect(holds('Null', 'true')).toBe(true);
    expect(holds('Null', 'false')).toBe(false);
    expect(holds('Null', 'true', forKey('a'))).toBe(false);
    expect(holds('Null', false, forKey('a'))).toBe(true);
  });

  it('for all values holds when each is one of the wanted, also when there is none', () => {
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], forKey('a', 'b', 'a'))).toBe(true);
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], forKey('a', 'c'))).toBe(false);
    expect(holds('ForAllValues:StringEquals', ['a'])).toBe(true);
    expect(holds('ForAllValues:StringNotEquals', ['a'], forKey('b', 'a'))).toBe(false);
  });

  it('for any value holds when one is one of the wanted', () => {
    expect(holds('ForAnyValue:StringEquals', ['a', 'b'], forKey('x', 'b'))).toBe(true);
    expect(holds('ForAnyValue:StringLike', 'b*', forKey('x', 'bc'))).toBe(true);
    expect(holds('ForAnyValue:StringLike', 'b*', forKey('x', 'y'))).toBe(false);
    expect(holds('ForAnyValue:StringEquals', ['a'])).toBe(false);
  });

  it('knows its key in any case', () => {
    expect(statementAllows({ Condition: { StringEquals: { 'TEST:key': 'a' } } }, { context: forKey('a') })).toBe(true);
  });

  it('must hold together with all others', () => {
    const Condition = { StringEquals: { 'test:Key': 'a', 'test:Other': 'b' }, Bool: { 'aws:SecureTransport': 'true' } };
    expect(statementAllows({ Condition }, { context: { ...forKey('a'), 'test:Other': 'b' } })).toBe(true);
    expect(statementAllows({ Condition }, { context: forKey('a') })).toBe(false);
  });

  it('may ask for what AWS itself tells of the caller and the resource', () => {
    const Condition = {
      ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/worker' },
      StringEquals: { 'aws:PrincipalAccount': '123456789012', 'aws:ResourceAccount': '123456789012' },
      Bool: { 'aws:PrincipalIsAWSService': 'false', 'aws:SecureTransport': 'true' },
    };
    expect(statementAllows({ Condition })).toBe(true);
    expect(statementAllows({ Condition }, { resource: 'none' })).toBe(false);
  });
});
