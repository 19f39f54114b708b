import { types } from 'node:util';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest gives tests an `Error` of their own, and errors of the network are no instances of it. The AWS SDK asks
 * `instanceof Error`, and would wrap them in one without their `code`: clients would see other errors here than outside.
 */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Error } = this.global;
    const isInstance = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(Error, Symbol.hasInstance, {
      value(value) {
        // Its subclasses inherit this: they mean themselves.
        return isInstance.call(this, value) || (this === Error && types.isNativeError(value));
      },
    });
  }
}
