-- For deleting the oldest.
create index handled_demands_by_age on handled_demands (handled_on);
