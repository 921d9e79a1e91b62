-- What a refresh brings of objects: their designations, and the identifier that one gets that has none.
CREATE TEMPORARY TABLE incoming_designation ("row" integer NOT NULL, "designation" text NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE incoming_object ("row" integer NOT NULL, "newId" bigint NOT NULL) ON COMMIT DROP
