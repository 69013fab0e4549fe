import { quote } from './labelProblems';

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A finite decimal number, or why the text is none. Never guesses: no hexadecimal, no decimal comma, no NaN. */
export function parseNumber(text: string): number | { readonly problem: string } {
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : { problem: `${quote(text)} is too large a number` };
  }
  if (/^[+-]?\d+,\d+$/.test(text)) return { problem: `${quote(text)} has a decimal comma, expected a decimal point` };
  if (text === '') return { problem: 'a number is missing' };
  return { problem: `${quote(text)} is no finite number` };
}
