"""The directory (名录) as an Excel workbook or as four CSV files, out and in again.

Four tables: organs (机关), persons (人员), posts (任职) and absences (缺勤). What is exported is read back as it was.
"""
