/** A value that survives JSON: what crosses the journal, the store and the network. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
