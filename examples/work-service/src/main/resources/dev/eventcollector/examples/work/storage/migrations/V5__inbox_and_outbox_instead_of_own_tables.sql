-- Demands that are done, by queue and message id: the library's inbox recognises them from now on.
insert into event_inbox (queue, id, completed_at)
select convert_to('pp_work_queue', 'UTF8'), convert_to(message_id, 'UTF8'),
  floor(extract(epoch from handled_on) * 1000)
from handled_demands;

drop table handled_demands;

-- Announcements that are due, as rows of an owner whose lease is over: the next consumer takes them over. Their ids are
-- those that earlier versions gave them: a UUID of version 3 of queue and work code.
insert into event_outbox_owner (owner, name, holder, alive_until)
select 1, 'work-service before the outbox', 1, 0
where exists (select from due_announcements);

insert into event_outbox (owner, n, id, queue, stored_at, properties, body)
select 1, row_number() over (order by works.id),
  concat_ws('-', substr(hash, 1, 8), substr(hash, 9, 4), '3' || substr(hash, 14, 3),
    translate(substr(hash, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(hash, 18, 3), substr(hash, 21)),
  'pp_work_done', floor(extract(epoch from updated_on) * 1000),
  -- the content type application/json, and no headers
  '\x015300000010'::bytea || convert_to('application/json', 'UTF8') || '\x4d00000000'::bytea,
  convert_to(format(
    '{"id":%s,"work_code":"%s","add_up_to":%s,"done":true,"result":%s,"created_on":%s,"updated_on":%s}',
    works.id, work_code, add_up_to, result, floor(extract(epoch from created_on)), floor(extract(epoch from updated_on))),
    'UTF8')
from due_announcements
join works using (work_code)
cross join lateral md5('pp_work_done ' || work_code) as hash;

drop table due_announcements;
