import { join } from 'node:path';
import { type ModuleGroup, StartedGroup, type StartOptions } from './module-group.ts';
import type { RunRequest } from './run-request.ts';

/** All modules of a run, by group. */
export class StartedGroups implements AsyncDisposable {
  readonly groups: readonly StartedGroup[];

  /** @throws HarnessError CHILD_FAILED — a virtual module can't be built or started; none is left running */
  static async start(
    groups: readonly ModuleGroup[],
    request: RunRequest,
    { folder, onNote }: StartOptions,
  ): Promise<StartedGroups> {
    const started: StartedGroup[] = [];
    try {
      for (const group of groups) {
        started.push(await StartedGroup.start(group, request, { folder: join(folder, group.name), onNote }));
      }
    } catch (thrown) {
      await new StartedGroups(started)[Symbol.asyncDispose]();
      throw thrown;
    }
    return new StartedGroups(started);
  }

  private constructor(groups: readonly StartedGroup[]) {
    this.groups = groups;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.groups.map((group) => group[Symbol.asyncDispose]()));
  }
}
