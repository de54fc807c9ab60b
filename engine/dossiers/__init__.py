"""Acts on dossiers: one act, one function, three beats: load, ask the rules, write it down.

Every act is one transaction: version check, journal event, worklist, timers, answer. It answers
with an `Outcome`; with a key it answers the same again however often it is asked.
"""
