import { arithmetic, offByOne } from "./arithmetic.ts";
import { call } from "./call.ts";
import { literal } from "./literal.ts";
import { branches, connective, negate, unary } from "./logical.ts";
import type { Operator } from "./operator.ts";
import { relational } from "./relational.ts";
import { copyGuard, removeStatement } from "./statement.ts";
import { property, variable } from "./variable.ts";

/**
 * All mutation operators. The small ones are those that suffice for mutation testing (Offutt et al., TOSEM 1996) and
 * repair a good part of simple faults (Debroy and Wong, ICST 2010; PraPR: Ghanbari et al., ISSTA 2019); copying a
 * statement from elsewhere in the file is GenProg's (Weimer et al., ICSE 2009; Le Goues et al., TSE 2012).
 */
export const operators: readonly Operator[] = [
  relational,
  arithmetic,
  offByOne,
  connective,
  negate,
  unary,
  branches,
  literal,
  variable,
  property,
  call,
  copyGuard,
  removeStatement,
];
