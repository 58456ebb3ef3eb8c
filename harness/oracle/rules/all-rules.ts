import type { AnyRule } from '../rule.ts';
import { oneCallback } from './cb-01-one-callback.ts';
import { callbackWasAskedFor } from './cb-02-callback-was-asked-for.ts';
import { argAndClient } from './cb-03-arg-and-client.ts';
import { errorIsFinal } from './cb-04-error-is-final.ts';
import { silentAfterDeinit } from './cb-05-silent-after-deinit.ts';
import { callbacksDoNotOverlap } from './cb-06-callbacks-do-not-overlap.ts';
import { oneCallbackTask } from './cb-07-one-callback-task.ts';
import { endFailsRequests } from './cb-08-end-fails-requests.ts';
import { returnComesFirst } from './cb-09-return-comes-first.ts';
import { exceptionOnce } from './cb-10-exception-once.ts';
import { exceptionNeedsSession } from './cb-11-exception-needs-session.ts';
import { noExceptionOnDisconnect } from './cb-12-no-exception-on-disconnect.ts';
import { oneEnding } from './cb-13-one-ending.ts';
import { connectIsFinal } from './cb-14-connect-is-final.ts';
import { successMeansSent } from './cb-15-success-means-sent.ts';
import { nullCallbackIsTaken } from './cb-16-null-callback-is-taken.ts';
import { messageOutlivesCallback } from './cb-17-message-outlives-callback.ts';
import { callsInCallbacksReturn } from './cb-18-calls-in-callbacks-return.ts';
import { illegalPacketEndsConnection } from './eh-01-illegal-packet-ends-connection.ts';
import { noResetNoHang } from './eh-02-no-reset-no-hang.ts';
import { newClientConnects } from './eh-03-new-client-connects.ts';
import { heapComesBack } from './eh-04-heap-comes-back.ts';
import { lossIsTold } from './eh-05-loss-is-told.ts';
import { eachMessageOnce } from './in-01-each-message-once.ts';
import { qos2Once } from './in-02-qos2-once.ts';
import { messageIsUnchanged } from './in-03-message-is-unchanged.ts';
import { packetIdOfWire } from './in-04-packet-id-of-wire.ts';
import { messagesInOrder } from './in-05-messages-in-order.ts';
import { inboundIsAcknowledged } from './in-06-inbound-is-acknowledged.ts';
import { illegalIsNotBrought } from './in-07-illegal-is-not-brought.ts';
import { largeIsWholeOrNot } from './in-08-large-is-whole-or-not.ts';
import { messagesWithinSession } from './in-09-messages-within-session.ts';
import { callbackIsReplaced } from './in-10-callback-is-replaced.ts';
import { pingsInTime } from './ka-01-pings-in-time.ts';
import { noPingWithoutKeepAlive } from './ka-02-no-ping-without-keep-alive.ts';
import { onePingAtATime } from './ka-03-one-ping-at-a-time.ts';
import { missingPingrespIsTold } from './ka-04-missing-pingresp-is-told.ts';
import { noExceptionWithoutCause } from './ka-05-no-exception-without-cause.ts';
import { inboundPostponesNothing } from './ka-06-inbound-postpones-nothing.ts';
import { callbacksAreConserved } from './mm-05-callbacks-are-conserved.ts';
import { secondCalls } from './ob-01-second-calls.ts';
import { howLongCallsTake } from './ob-02-how-long-calls-take.ts';
import { successAfterPuback } from './qc-01-success-after-puback.ts';
import { successAfterPubcomp } from './qc-02-success-after-pubcomp.ts';
import { subscribedIffGranted } from './qc-03-subscribed-iff-granted.ts';
import { unsubscribedAfterUnsuback } from './qc-04-unsubscribed-after-unsuback.ts';
import { ackOfItsKind } from './qc-05-ack-of-its-kind.ts';
import { ackCompletesItsArg } from './qc-06-ack-completes-its-arg.ts';
import { unansweredRequestTimesOut } from './qc-07-unanswered-request-times-out.ts';
import { lateAckChangesNothing } from './qc-08-late-ack-changes-nothing.ts';
import { resendEnds } from './qc-09-resend-ends.ts';
import { sessionIsResumed } from './qc-10-session-is-resumed.ts';
import { cleanSessionForgets } from './qc-11-clean-session-forgets.ts';
import { callbacksInAckOrder } from './qc-12-callbacks-in-ack-order.ts';
import { returnsListedCode } from './rc-01-returns-listed-code.ts';
import { handleWithSuccess } from './rc-02-handle-with-success.ts';
import { statusIsListed } from './rc-03-status-is-listed.ts';
import { errIsListed } from './rc-04-err-is-listed.ts';
import { wouldblockHasCallback } from './rc-05-wouldblock-has-callback.ts';
import { refusedWithoutSession } from './rc-06-refused-without-session.ts';
import { refusalSendsNothing } from './rc-07-refusal-sends-nothing.ts';
import { qos3IsRefused } from './rc-08-qos-3-is-refused.ts';
import { illegalTopicIsRefused } from './rc-09-illegal-topic-is-refused.ts';
import { returnsInTime } from './rc-10-returns-in-time.ts';
import { nullIsInvalid } from './rc-11-null-is-invalid.ts';
import { staleHandleIsRefused } from './rc-12-stale-handle-is-refused.ts';
import { tcpFailureToldOnce } from './rc-13-tcp-failure-told-once.ts';
import { statusIsConnackCode } from './rc-14-status-is-connack-code.ts';
import { isConnectedFollowsSession } from './st-01-is-connected-follows-session.ts';
import { connectedNeedsConnack } from './st-02-connected-needs-connack.ts';
import { secondConnectIsRefused } from './st-03-second-connect-is-refused.ts';
import { connectsAgain } from './st-04-connects-again.ts';
import { noConnectionUnasked } from './st-05-no-connection-unasked.ts';
import { oneConnectionAtATime } from './st-06-one-connection-at-a-time.ts';
import { pathOfAutomaton } from './st-07-path-of-automaton.ts';
import { unprovenIsRefused } from './tl-01-unproven-is-refused.ts';
import { nothingInClear } from './tl-02-nothing-in-clear.ts';
import { verifiedBeforeConnect } from './tl-03-verified-before-connect.ts';
import { certificateOfFile } from './tl-04-certificate-of-file.ts';
import { sniIsNoAddress } from './tl-05-sni-is-no-address.ts';
import { noWeakCiphers } from './tl-06-no-weak-ciphers.ts';
import { handshakeEnds } from './tl-07-handshake-ends.ts';
import { truncatedIsNotBrought } from './tl-08-truncated-is-not-brought.ts';
import { unreadableFailsClosed } from './tl-09-unreadable-fails-closed.ts';
import { connectFirstAndOnce } from './wf-01-connect-first-and-once.ts';
import { fixedHeaderFlags } from './wf-02-fixed-header-flags.ts';
import { wholePackets } from './wf-03-whole-packets.ts';
import { protocolNameAndLevel } from './wf-04-protocol-name-and-level.ts';
import { connectFlagsFitPayload } from './wf-05-connect-flags-fit-payload.ts';
import { connectSaysClientInfo } from './wf-06-connect-says-client-info.ts';
import { cleanSessionAsAsked } from './wf-07-clean-session-as-asked.ts';
import { keepAliveAsAsked } from './wf-08-keep-alive-as-asked.ts';
import { emptyClientIdIsClean } from './wf-09-empty-client-id-is-clean.ts';
import { stringsAreUtf8 } from './wf-10-strings-are-utf8.ts';
import { packetIdIsThere } from './wf-11-packet-id-is-there.ts';
import { packetIdIsFree } from './wf-12-packet-id-is-free.ts';
import { resendIsTheSame } from './wf-13-resend-is-the-same.ts';
import { oneFilterAsAsked } from './wf-14-one-filter-as-asked.ts';
import { publishAsAsked } from './wf-15-publish-as-asked.ts';
import { oneTransmission } from './wf-16-one-transmission.ts';
import { nothingAfterDisconnect } from './wf-17-nothing-after-disconnect.ts';
import { disconnectBeforeFin } from './wf-18-disconnect-before-fin.ts';
import { acksAreOwed } from './wf-19-acks-are-owed.ts';
import { pubrelAfterPubrec } from './wf-20-pubrel-after-pubrec.ts';
import { acksInOrder } from './wf-21-acks-in-order.ts';
import { clientPacketsOnly } from './wf-22-client-packets-only.ts';

/** Every rule, in the order of the catalogue; all of them judge every scenario. */
export const allRules: readonly AnyRule[] = [
  returnsListedCode,
  handleWithSuccess,
  statusIsListed,
  errIsListed,
  wouldblockHasCallback,
  refusedWithoutSession,
  refusalSendsNothing,
  qos3IsRefused,
  illegalTopicIsRefused,
  returnsInTime,
  nullIsInvalid,
  staleHandleIsRefused,
  tcpFailureToldOnce,
  statusIsConnackCode,
  oneCallback,
  callbackWasAskedFor,
  argAndClient,
  errorIsFinal,
  silentAfterDeinit,
  callbacksDoNotOverlap,
  oneCallbackTask,
  endFailsRequests,
  returnComesFirst,
  exceptionOnce,
  exceptionNeedsSession,
  noExceptionOnDisconnect,
  oneEnding,
  connectIsFinal,
  successMeansSent,
  nullCallbackIsTaken,
  messageOutlivesCallback,
  callsInCallbacksReturn,
  isConnectedFollowsSession,
  connectedNeedsConnack,
  secondConnectIsRefused,
  connectsAgain,
  noConnectionUnasked,
  oneConnectionAtATime,
  pathOfAutomaton,
  connectFirstAndOnce,
  fixedHeaderFlags,
  wholePackets,
  protocolNameAndLevel,
  connectFlagsFitPayload,
  connectSaysClientInfo,
  cleanSessionAsAsked,
  keepAliveAsAsked,
  emptyClientIdIsClean,
  stringsAreUtf8,
  packetIdIsThere,
  packetIdIsFree,
  resendIsTheSame,
  oneFilterAsAsked,
  publishAsAsked,
  oneTransmission,
  nothingAfterDisconnect,
  disconnectBeforeFin,
  acksAreOwed,
  pubrelAfterPubrec,
  acksInOrder,
  clientPacketsOnly,
  pingsInTime,
  noPingWithoutKeepAlive,
  onePingAtATime,
  missingPingrespIsTold,
  noExceptionWithoutCause,
  inboundPostponesNothing,
  successAfterPuback,
  successAfterPubcomp,
  subscribedIffGranted,
  unsubscribedAfterUnsuback,
  ackOfItsKind,
  ackCompletesItsArg,
  unansweredRequestTimesOut,
  lateAckChangesNothing,
  resendEnds,
  sessionIsResumed,
  cleanSessionForgets,
  callbacksInAckOrder,
  eachMessageOnce,
  qos2Once,
  messageIsUnchanged,
  packetIdOfWire,
  messagesInOrder,
  inboundIsAcknowledged,
  illegalIsNotBrought,
  largeIsWholeOrNot,
  messagesWithinSession,
  callbackIsReplaced,
  illegalPacketEndsConnection,
  noResetNoHang,
  newClientConnects,
  heapComesBack,
  lossIsTold,
  unprovenIsRefused,
  nothingInClear,
  verifiedBeforeConnect,
  certificateOfFile,
  sniIsNoAddress,
  noWeakCiphers,
  handshakeEnds,
  truncatedIsNotBrought,
  unreadableFailsClosed,
  callbacksAreConserved,
  secondCalls,
  howLongCallsTake,
];
