/*
 * What each recipe of the chart changes of the model's memory, by hand. Assignments only, in the order of the recipe.
 * Recipes that change nothing that the model knows are listed in promela.ts.
 */

#define noFailure origin = is_turn; errorClass = is_internal

#define noDoubt doubtNewest = 0; doubtOlder = 0; doubtEarlier = 0

/* Another action is at hand: what is open is open about an earlier effect. */
#define otherEffect \
  doubtEarlier = isInDoubt; doubtNewest = 0; doubtOlder = 0; \
  underway = 0; applied = 0; known = 0; otherKey = 1

#define do_beginStep otherEffect; noFailure
#define do_recordTurn claim = e_claim; tool = e_tool; more = e_more; verdict = verdict_none; otherEffect
#define do_nextAction tool = LATER * (more != more_none); otherEffect
#define do_voidRest claim = claim * (more == more_none); more = more_none

#define do_recordIntent \
  doubtOlder = isInDoubt; doubtNewest = 1; doubtEarlier = 0; underway = 1
#define do_recordApplied \
  doubtNewest = doubtNewest && !underway; doubtOlder = doubtOlder && !underway; \
  doubtEarlier = doubtEarlier && !underway; \
  applied = applied || underway; known = known && !underway; noFailure
#define do_acceptKnown do_recordApplied
#define do_recordNotApplied doubtNewest = 0
#define do_recordAbsent noDoubt

/* A late report about an attempt of the present effect: the newest, or an older one, which may be the last that was open. */
#define heard (underway && !applied && e_key == key_present)
#define heardApplied (heard && e_outcome == is_applied)
#define heardNotApplied (heard && e_outcome == is_notApplied)
#define do_recordLate \
  doubtNewest = doubtNewest && !heardApplied && !(heardNotApplied && e_attempt == attempt_newest); \
  doubtOlder = doubtOlder && !heardApplied && !(heardNotApplied && e_attempt == attempt_older && e_last); \
  doubtEarlier = doubtEarlier && !heardApplied; \
  known = known || heardApplied

#define do_recordFailure(where, what) origin = where; errorClass = what
#define do_endStreak noFailure
#define do_recordVerdict verdict = e_verdict
#define do_voidVerdict verdict = verdict_none
#define do_ask verdict = verdict_none
#define do_keepBest baseline = baseline || e_measured
#define do_measureBaseline baseline = e_measured
#define do_settle noDoubt; noFailure
#define do_resume noFailure
#define do_setHalted(word) halted = word
#define do_requestAbort aborted = 1
#define do_finish(how) outcome = how

/* A new chart takes over the memory of an old one. */
#define do_carry verdict = verdict_none; aborted = 0; outcome = 0
