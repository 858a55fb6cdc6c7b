"""Work at the desk: what people do with a case besides the actions its matter declares — claim, transfer, recuse, urge."""
