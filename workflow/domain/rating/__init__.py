"""Rating a concluded case (满意度评价, 好差评): the applicant's side says once, in five grades, how it went."""
