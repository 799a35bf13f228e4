"""What prose lacks, written by rule: numbers, dates, names, capitals, broken words; each with its share."""
