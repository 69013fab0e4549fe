import type { PassTiming } from '../../common/providerCheck';
import type { RuntimeSession } from '../../model/types';

/** A session that times its forward passes, and is disposed only once they are done, however many are under way. */
export class PatientSession implements RuntimeSession {
  readonly runtime: string;
  readonly provider: string;
  private readonly underWay = new Set<Promise<unknown>>();
  private latest: PassTiming | undefined;

  constructor(private readonly session: RuntimeSession) {
    this.runtime = session.runtime;
    this.provider = session.provider;
  }

  run(...parameters: Parameters<RuntimeSession['run']>): ReturnType<RuntimeSession['run']> {
    const alone = this.underWay.size === 0;
    const started = performance.now();
    const pass = this.session.run(...parameters);
    this.underWay.add(pass);
    const done = () => this.underWay.delete(pass);
    pass.then(() => {
      done();
      const [, height, width] = parameters;
      // A pass that waited for another tells nothing.
      if (alone) this.latest = { height, width, milliseconds: performance.now() - started };
    }, done);
    return pass;
  }

  /** Undefined before the first pass. */
  get latestPass(): PassTiming | undefined {
    return this.latest;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.underWay);
    await this.session.dispose();
  }
}
