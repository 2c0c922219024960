-- What makes a demand that is delivered again recognisable: written together with the work.
create table handled_demands (
  message_id  varchar(255) primary key,
  work_code   varchar(50)  not null unique references works (work_code),
  handled_on  timestamptz  not null default now()
);

-- Works of the scheduler that the broker has not confirmed yet. A demand needs no row here: until it is announced it is
-- not acknowledged, and comes again.
create table due_announcements (
  work_code   varchar(50)  primary key references works (work_code)
);
