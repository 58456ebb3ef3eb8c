import * as v from 'valibot';
import { planSchema } from '../run/plan.ts';

/** When a trial has proved what it was to prove: a finding of this clause that is none of those that a clean module has too. */
const untilSchema = v.object({
  clause: v.string(),
  /** Keys of findings (`tellingKey`) that do not count. */
  except: v.pipe(v.array(v.string()), v.readonly()),
});

/** What a trial process is told: a plan of one lane, whose `only` is the order in which the scenarios run. */
export const trialSchema = v.object({
  plan: v.object({ ...planSchema.entries, only: v.array(v.string()) }),
  until: v.nullable(untilSchema),
});

/** What it answers. The outcomes are in the run's folder. */
export const trialEndSchema = v.object({
  /** Rules that threw. */
  bugs: v.array(v.string()),
  /** Why the trial ended before its time. */
  trouble: v.nullable(v.string()),
});

export type Trial = v.InferOutput<typeof trialSchema>;
export type TrialEnd = v.InferOutput<typeof trialEndSchema>;
