import { expect, test } from '@jest/globals';
import { StopRequest } from './stop-request.ts';

test('the first reason counts, but a signal counts before --bail and --max-duration', () => {
  const stop = new StopRequest();
  const heard: string[] = [];
  stop.onAsked((reason) => heard.push(reason));

  stop.ask('bail');
  stop.ask('max-duration');
  stop.ask('interrupted');
  stop.ask('terminated');

  expect(heard).toEqual(['bail', 'interrupted']);
  expect(stop.reason).toBe('interrupted');
});

test('who listens late hears what was asked before', () => {
  const stop = new StopRequest();
  stop.ask('terminated');
  const heard: string[] = [];

  stop.onAsked((reason) => heard.push(reason));

  expect(heard).toEqual(['terminated']);
});
