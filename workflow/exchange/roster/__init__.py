"""Rosters (名册): many filings of one matter in one Excel workbook or CSV file, made, checked and imported as a whole.

A row is a filing and a column is a field of the form, a material, a party or the letter's number. The key of a column
(`form.name`, `materials.transfer_form`, `parties.unit`, `letter`) stands in a hidden row, so its title may change; a
field inside another is named by its path (`form.spouse.name`).
"""
