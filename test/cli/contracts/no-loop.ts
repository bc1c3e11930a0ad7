// A contract file that forgot to export its loop.
export const name = "nothing";
