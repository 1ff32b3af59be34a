"""月度关账: the months, a month's checklist and what closing it would post, and the record of a close."""
