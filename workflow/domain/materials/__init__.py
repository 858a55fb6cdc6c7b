"""The materials of a case (申请材料), one by one: required, received, defective, corrected, held already, waived, withdrawn.

`Case.materials` stays the names that count as handed in; `Case.handed_in` says of each how it came to stand as it does.
"""
