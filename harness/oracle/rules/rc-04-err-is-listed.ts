import { findErrorName, findStatusName } from '../../protocol/codes.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept } from '../step.ts';
import { ORDINARY_REQUESTS } from '../topic.ts';

/** The err of a request or disconnect callback is in one of the two lists that the manual may mean; which one is noted. [manual 3.3.3.1, 3.3.5.1] */
export const errIsListed = rule({
  id: 'RC-04',
  clause: 'M-10.err-values',
  also: ['D-3'],
  says: 'err is 0 to 5, 254 to 257 or -1 to -9',
  on: ['enter request', 'enter disconnect'],
  spared: spare([...ORDINARY_REQUESTS, 'enter disconnect ordinary'], 'M-10.err-values'),
  step(_, { event }) {
    const { cb, err, n } = event;
    const observations =
      err === 0 ? [] : [{ clause: 'D-3', name: `err of a failed ${cb}`, value: err > 0 ? 'status' : 'code' }];
    const isListed = findErrorName(err) !== undefined || findStatusName(err) !== undefined;
    if (isListed) return { ...kept(), observations };
    return breach(`${cb} callback with err ${err}, which neither list has`, [n]);
  },
});
