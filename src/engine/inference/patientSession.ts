import type { RuntimeSession } from '../../model/types';

/** A session that is disposed only once its forward passes are done, however many are under way. */
export class PatientSession implements RuntimeSession {
  readonly runtime: string;
  readonly provider: string;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly session: RuntimeSession) {
    this.runtime = session.runtime;
    this.provider = session.provider;
  }

  run(...parameters: Parameters<RuntimeSession['run']>): ReturnType<RuntimeSession['run']> {
    const pass = this.session.run(...parameters);
    this.underWay.add(pass);
    const done = () => this.underWay.delete(pass);
    pass.then(done, done);
    return pass;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.underWay);
    await this.session.dispose();
  }
}
