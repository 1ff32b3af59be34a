"""合同与承诺 of a project: contracts in order, opinions of review, commitments of both sides, changes of investor."""
