"""Reports as people get them: one paper of grids, printed as a table, CSV, an Excel workbook with charts, or a PDF."""
