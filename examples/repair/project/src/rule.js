import { tokenize } from './tokenizer.js';

// Rules such as "quantity >= 10 and not (region = 'export')". `and` binds closer than `or`.

const comparisons = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** Compiles a rule into a function of the facts it is asked about. */
export function compileRule(text) {
  const tokens = tokenize(text);
  let at = 0;

  const take = (value) => {
    if (tokens[at]?.value !== value || tokens[at].type === 'text') return false;
    at += 1;
    return true;
  };

  const operand = () => {
    const token = tokens[at];
    if (!token) throw new SyntaxError('the rule ends too early');
    at += 1;
    if (token.type === 'name') return (facts) => facts[token.value];
    if (token.type === 'number' || token.type === 'text') return () => token.value;
    throw new SyntaxError(`unexpected ${token.value}`);
  };

  const comparison = () => {
    const left = operand();
    const sign = tokens[at]?.value;
    if (!Object.hasOwn(comparisons, sign)) return (facts) => Boolean(left(facts));
    at += 1;
    const right = operand();
    return (facts) => comparisons[sign](left(facts), right(facts));
  };

  const unary = () => {
    if (take('not')) {
      const inner = unary();
      return (facts) => inner(facts);
    }
    if (!take('(')) return comparison();
    const inner = either();
    if (!take(')')) throw new SyntaxError('a bracket is not closed');
    return inner;
  };

  const both = () => {
    const left = unary();
    if (!take('and')) return left;
    const right = both();
    return (facts) => left(facts) && right(facts);
  };

  const either = () => {
    const left = both();
    if (!take('or')) return left;
    const right = either();
    return (facts) => left(facts) || right(facts);
  };

  const rule = either();
  if (at < tokens.length) throw new SyntaxError(`unexpected ${tokens[at].value}`);
  return rule;
}
