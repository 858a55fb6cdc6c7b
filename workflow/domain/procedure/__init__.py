"""What the law asks for on the way to a decision, beside the decision's own steps: interested parties told and heard (art.
36 of the Licensing Law 行政许可法), hearings (46–48), on-site checks by two (34), time left out and counted again (45), and
refusals reported upward (否定报备).
"""
