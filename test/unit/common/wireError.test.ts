import { expect, it } from 'vitest';
import { CancelledError, UserError } from '../../../src/common/errors';
import { fromWireError, toWireError } from '../../../src/common/wireError';

it.each([
  new UserError('what'),
  new UserError('what', { where: 'file:3' }),
  new UserError('what', { where: 'file:3', remedy: 'do this', cause: new Error('inner') }),
  new CancelledError(),
  new RangeError('too far'),
])('brings back %s', error => {
  const back = fromWireError(JSON.parse(JSON.stringify(toWireError(error))));
  expect(back.name).toBe(error.name);
  expect(back.message).toBe(error.message);
  expect(back instanceof UserError).toBe(error instanceof UserError);
  expect(back instanceof CancelledError).toBe(error instanceof CancelledError);
});

it.each([undefined, null, 5, 'text', [], {}, { name: 3, message: {} }, { name: 'UserError' }])(
  'makes an error of the malformed %j',
  value => {
    const error = fromWireError(value);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).not.toBe('');
  },
);
