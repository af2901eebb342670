// A problem that a person can mend: what is wrong, with its name and value, and what to do. Shown without a stack trace.

export class InstallProblem extends Error {
  override readonly name = 'InstallProblem';
}
