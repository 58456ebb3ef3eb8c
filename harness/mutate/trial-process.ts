import * as v from 'valibot';
import { findScenarioFiles } from '../run/scenario-files.ts';
import { indexScenarios } from '../run/scenario-index.ts';
import { runTrial } from './run-trial.ts';
import { trialSchema } from './trial.ts';

/* A process of `qlhil mutate`: runs one trial after another, as it is told over its channel, and ends with it. */

// Whoever is at the other end has gone, and a module held on would keep its port.
process.once('disconnect', () => process.exit());

const registered = indexScenarios(findScenarioFiles([]));

process.on('message', (message: unknown) => {
  void registered.then(async () => process.send?.(await runTrial(v.parse(trialSchema, message))));
});
