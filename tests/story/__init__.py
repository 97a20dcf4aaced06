"""From an empty repository to a number's records, as a sales-operations engineer and CI live it."""
