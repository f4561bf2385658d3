/** A build or a check that says no. Its message is all that a person needs: it is shown without a stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
